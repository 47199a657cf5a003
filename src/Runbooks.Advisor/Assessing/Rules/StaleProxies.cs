using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>A proxy that looked up where the application is once, and asks at that address since: the application was made anew, and who comes through the proxy gets 502.</summary>
internal static class StaleProxies
{
    public static void Apply(Draft draft)
    {
        var applications = draft.Services.Where(s => s.Kind == ServiceKind.Application).ToList();
        if (applications.Count == 0 || applications.Exists(s => s.Trouble != Trouble.None))
        {
            return;
        }

        var answers = draft.Readings.OfType<HttpReading>().ToList();
        foreach (var answer in answers.Where(a => a.Status is 502 or 504))
        {
            if (draft.Services.FirstOrDefault(s => s.Name == answer.Service && s.Kind == ServiceKind.Proxy) is not { } proxy
                || proxy.StartedAt is not { } since || applications.Find(a => a.StartedAt > since) is not { } newer)
            {
                continue;
            }

            draft.Tell(FactKeys.CauseInRelease, answer, $"{proxy.Name} answers {answer.Status}, and {newer.Name} was started after it, at {Times.Shown(newer.StartedAt ?? since)}",
                $"a proxy can go on asking at the address that {newer.Name} had before: reload it first (playbooks/maintenance-off.yml does, or 'nginx -s reload'), and look again");
            // Asked without the proxy, the application says itself whether it is well.
            if (answers.Exists(a => a.Service == newer.Name && a.IsWell == true))
            {
                draft.Facts = draft.Facts with { CauseInRelease = Answer.No };
                draft.Contradict($"{newer.Name} is well when it is asked by itself, and {proxy.Name} answers {answer.Status} for it");
            }
        }
    }
}
