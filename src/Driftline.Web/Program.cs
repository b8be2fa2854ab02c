using Driftline.Web;

await using var application = DriftlineApplication.Create(args);
await application.RunAsync();
