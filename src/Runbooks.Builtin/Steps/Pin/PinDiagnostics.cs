using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Pin;

/// <summary>What can be wrong with a <c>pin:</c> step. Whatever it is, nothing is changed.</summary>
public static class PinDiagnostics
{
    public static readonly Descriptor NoImage = new("RB3111", "pin-no-image", "no Compose file says which image a service has", Severity.Error,
        "The service must have an 'image' in one of the Compose files of the project, of its own or by an anchor. What comes by 'extends' or 'include' from other files, or is only built, cannot be pinned: name the file that has it in 'files', or give the service an image in an override file.");

    public static readonly Descriptor OtherImage = new("RB3112", "pin-other-image", "no value of its variables makes that image", Severity.Error,
        "The image is written with variables, and the parts around them do not fit the wanted image. Change the Compose file by hand, or pin an image of the same repository.");

    public static readonly Descriptor NotSet = new("RB3113", "pin-variable-not-set", "the variable of an image is set in no file", Severity.Error,
        "The variable comes from the environment of whoever starts Compose, so there is nothing to pin it in. Set it in the .env file of the project, or name the file that sets it in 'env_file'.");

    public static readonly Descriptor OthersMove = new("RB3114", "pin-others-move", "a pin moves other services too", Severity.Warning,
        "Other services take their image, or other values, from the same place. They change when they are created anew the next time. Give the service an image of its own where that is not meant, or 'alone: true' to make it an error.");

    public static readonly Descriptor NotAlone = new("RB3115", "pin-not-alone", "a pin that must move one service moves others too", Severity.Error,
        "'alone: true' asks that nothing but the service changes. Give the service an image of its own in the Compose file, or in an override file.");

    public static readonly Descriptor CannotWrite = new("RB3116", "pin-refused", "the place of an image cannot be changed for certain", Severity.Error,
        "Where it is not certain that the image, and nothing else, would change, nothing is changed. Edit the file by hand.");

    public static readonly ImmutableArray<Descriptor> All = [NoImage, OtherImage, NotSet, OthersMove, NotAlone, CannotWrite];
}
