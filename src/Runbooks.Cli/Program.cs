using Runbooks.Cli;
using Runbooks.Cli.Views;
using Runbooks.Host;

var terminal = Terminal.OfProcess(new HostMachine());
return await MainLoop.Run(() => App.RunAsync(args, new Composition(terminal, Environment.CurrentDirectory)));
