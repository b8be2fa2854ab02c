using Microsoft.JSInterop;

namespace Driftline.Web.Components.Shared;

/// <summary>
/// An ES module in the browser, imported at its first use. A call into a browser that has gone away does nothing: the circuit is
/// being torn down and nobody is there to see it.
/// </summary>
/// <param name="js">The circuit's runtime.</param>
/// <param name="path">The module's address relative to the application's base, as <c>Assets</c> gives it.</param>
public sealed class BrowserModule(IJSRuntime js, string path) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    /// <summary>Calls a function of the module.</summary>
    public Task InvokeVoidAsync(string function, params object?[] arguments)
    {
        return WhileConnectedAsync(async () => await (await ModuleAsync()).InvokeVoidAsync(function, arguments));
    }

    /// <summary>Calls a function of the module and returns what it returns; the default value when the browser has gone.</summary>
    public Task<T?> InvokeAsync<T>(string function, params object?[] arguments)
    {
        return WhileConnectedAsync<T?>(async () => await (await ModuleAsync()).InvokeAsync<T>(function, arguments));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_module is { } module)
        {
            await WhileConnectedAsync(async () => await (await module).DisposeAsync());
        }
    }

    /// <summary>Calls into the browser unless it has gone.</summary>
    internal static Task WhileConnectedAsync(Func<Task> call)
    {
        return WhileConnectedAsync(async () =>
        {
            await call();
            return true;
        });
    }

    private static async Task<T?> WhileConnectedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            return default;
        }
    }

    private Task<IJSObjectReference> ModuleAsync()
    {
        return _module ??= js.InvokeAsync<IJSObjectReference>("import", path.StartsWith("./", StringComparison.Ordinal) ? path : "./" + path).AsTask();
    }
}
