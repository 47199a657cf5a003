using Runbooks.Dummy;

// The badly behaved child: `Runbooks.Dummy VERB [WORDS]`. See Verbs for what it can do.
return Verbs.Run(args);
