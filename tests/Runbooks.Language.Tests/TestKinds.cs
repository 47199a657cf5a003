using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Language.Tests;

/// <summary>A few kinds that use every shape a field can have; the real ones live where this project cannot see them.</summary>
internal static class TestKinds
{
    private static readonly FieldSet Header = new("the header",
    [
        new Field("name", FieldShape.Text, "its name") { Required = true, NotEmpty = true },
        new Field("value", FieldShape.Text, "its value") { Default = "empty" },
    ]);

    private static readonly FieldSet Body = new("'body'",
    [
        new Field("text", FieldShape.Text, "what is sent"),
        new Field("json", FieldShape.Boolean, "it is JSON") { Default = "true" },
    ])
    { Shorthand = "text" };

    public static KindCatalogue Catalogue { get; } = KindCatalogue.Of(
    [
        new KindDeclaration("run", "Starts a program, without a shell.", () => new FieldSet("'run'",
        [
            new Field("argv", FieldShape.Words, "the program and its arguments") { Required = true },
            new Field("stdin", FieldShape.Text, "what the program reads"),
        ]) { Shorthand = "argv" }) { StartsProgram = true, EffectIsDeclared = true },
        new KindDeclaration("shell", "Runs a script.", () => new FieldSet("'shell'",
        [
            new Field("script", FieldShape.Script, "the script") { Required = true },
            new Field("with", FieldShape.Choice, "the shell") { Choices = ["bash", "sh", "pwsh"], Default = "bash" },
        ]) { Shorthand = "script" }) { StartsProgram = true, EffectIsDeclared = true },
        new KindDeclaration("edit", "Changes values in a file.", () => new FieldSet("'edit'",
        [
            new Field("file", FieldShape.Path, "the file") { Required = true },
            new Field("set", FieldShape.TextMap, "path and new value") { Required = true },
        ])),
        new KindDeclaration("http", "Sends a request.", () => new FieldSet("'http'",
        [
            new Field("url", FieldShape.Text, "where to") { Required = true, NotEmpty = true },
            new Field("port", FieldShape.Integer, "the port") { Minimum = 1, Maximum = 65535, Default = "80" },
            new Field("weight", FieldShape.Number, "a number") { Minimum = 0 },
            new Field("headers", FieldShape.ObjectList, "sent along") { Fields = Header },
            new Field("body", FieldShape.Object, "sent along") { Fields = Body },
            new Field("match", FieldShape.Pattern, "what the answer must match") { AllowsTemplates = false },
            new Field("tags", FieldShape.TextList, "for people"),
        ])),
        new KindDeclaration("wait", "Waits.", () => new FieldSet("'wait'",
        [
            new Field("duration", FieldShape.Duration, "how long") { Maximum = 3_600_000 },
            new Field("until", FieldShape.Checks, "or until these hold"),
        ]) { Shorthand = "duration" }),
    ],
    [
        new KindDeclaration("http", "Asks a URL.", () => new FieldSet("'http'",
        [
            new Field("url", FieldShape.Text, "the URL") { Required = true },
            new Field("status", FieldShape.Integer, "the status expected") { Minimum = 100, Maximum = 599, Default = "200" },
        ]) { Shorthand = "url" }),
        new KindDeclaration("file", "Looks at a file.", () => new FieldSet("'file'",
        [
            new Field("path", FieldShape.Path, "the file") { Required = true },
            new Field("contains", FieldShape.Text, "text that must stand in it"),
        ]) { Shorthand = "path" }),
        new KindDeclaration("container", "Asks the engine for a container.", () => new FieldSet("'container'",
        [
            new Field("service", FieldShape.Text, "the Compose service") { Required = true },
            new Field("state", FieldShape.Choice, "the state expected") { Choices = ["running", "exited"], Default = "running" },
        ])),
        new KindDeclaration("command", "Asks a program.", () => new FieldSet("'command'", [new Field("argv", FieldShape.Words, "the program") { Required = true }]) { Shorthand = "argv" }),
    ]);
}
