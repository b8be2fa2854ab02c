namespace Driftline.Web.Commands;

/// <summary>The services that a command works with: its own, which end with it, or those of the server that runs it, which stay.</summary>
public sealed class CommandServices : IServiceProvider, IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly ServiceProvider? _own;

    private CommandServices(IServiceProvider services, ServiceProvider? own)
    {
        _services = services;
        _own = own;
    }

    /// <summary>Services made for one command.</summary>
    public static CommandServices Own(ServiceProvider services) => new(services, services);

    /// <summary>Services of a server.</summary>
    public static CommandServices Of(IServiceProvider server) => new(server, null);

    /// <inheritdoc/>
    public object? GetService(Type serviceType) => _services.GetService(serviceType);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
