await Console.Error.WriteLineAsync("This program only serves `dotnet ef`, which looks up the design-time factories in it.");
return 2;
