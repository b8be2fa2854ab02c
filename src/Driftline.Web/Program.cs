using System.Globalization;
using Driftline.Web.Commands;

// Numbers and dates read and print the same on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

return await DriftlineCommand.RunAsync(args, Console.Out, Console.Error, Console.OpenStandardInput);
