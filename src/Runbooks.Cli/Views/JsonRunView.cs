using System.Text;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Running;

namespace Runbooks.Cli.Views;

/// <summary>A run for programs: the journal's own lines on standard output, as they are written.</summary>
public sealed class JsonRunView(TextWriter writer) : IRunObserver
{
    public void Written(JournalLine line, ReadOnlyMemory<byte> bytes)
    {
        writer.Write(Encoding.UTF8.GetString(bytes.Span));
        writer.Flush();
    }

    public void Output(string step, ReadOnlySpan<byte> bytes)
    {
        // The output is in the run's folder; events name the file.
    }
}

/// <summary>Several views of one run.</summary>
public sealed class RunViews(params IRunObserver[] views) : IRunObserver
{
    public void Written(JournalLine line, ReadOnlyMemory<byte> bytes)
    {
        foreach (var view in views)
        {
            view.Written(line, bytes);
        }
    }

    public void Output(string step, ReadOnlySpan<byte> bytes)
    {
        foreach (var view in views)
        {
            view.Output(step, bytes);
        }
    }
}

/// <summary>Progress may be lost, the run may not: a view that breaks (a closed pipe) is left out from then on.</summary>
public sealed class SafeRunView(IRunObserver view) : IRunObserver
{
    private volatile bool _isBroken;

    public void Written(JournalLine line, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (!_isBroken)
            {
                view.Written(line, bytes);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _isBroken = true;
        }
    }

    public void Output(string step, ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!_isBroken)
            {
                view.Output(step, bytes);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _isBroken = true;
        }
    }
}
