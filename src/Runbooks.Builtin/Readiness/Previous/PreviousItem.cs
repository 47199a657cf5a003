using Runbooks.Advisor.Readiness;

namespace Runbooks.Builtin.Readiness.Previous;

/// <summary>There is a release to go back to, and somebody saw that it was well.</summary>
public sealed class PreviousItem : IReadyItem
{
    public string Name => "previous";

    public string Statement => "there is a release to go back to, and it was verified to be well";

    public string Why => "Going back to the release before is going back to the one that failed yesterday, unless somebody verified it.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel) => (await project.TargetAsync()).Answer;
}
