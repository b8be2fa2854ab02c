using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Driftline.Ingest.Files;

/// <summary>
/// Makes calls into file systems on threads of their own, so that one that hangs holds up nobody for longer than the
/// <see cref="ReadPatience"/> in force. What is left behind ends when its file system answers; until then its file is refused at once.
/// </summary>
public static class PatientCall
{
    // More are ended when their call is over.
    private const int MostIdle = 4;

    // Of a file system that hangs already, the other files are given less time, and less with each: a folder of them would take hours otherwise.
    private const int LessPatience = 10;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentStack<Caller> Idle = new();
    private static readonly ConcurrentDictionary<Pending, string> LeftBehind = new();

    /// <summary>Whether there is a file; false for a folder.</summary>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public static bool FileExists(string path) => Run(path, () => File.Exists(path));

    /// <summary>The size of a file in bytes; null where there is none.</summary>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public static long? LengthOf(string path) => Run(path, () => new FileInfo(path) is { Exists: true } file ? file.Length : (long?)null);

    /// <summary>Makes a call.</summary>
    /// <param name="path">What it is about.</param>
    /// <param name="call">The call; it may go on after this has returned, so it must touch nothing that is used again.</param>
    /// <exception cref="LogStalledException">It did not come back in time.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it was waited for.</exception>
    internal static T Run<T>(string path, Func<T> call)
    {
        var patience = ReadPatience.Current;
        patience.Cancellation.ThrowIfCancellationRequested();
        var pending = new Pending<T>(path, call);
        var caller = Idle.TryPop(out var idle) ? idle : new Caller();
        var time = patience.Time;
        if (!LeftBehind.IsEmpty)
        {
            if (LeftBehind.Keys.FirstOrDefault(other => other.Path == path) is { } same)
            {
                Idle.Push(caller);
                throw Stalled(path, FormattableString.Invariant($"nothing came of it since {same.Since:HH:mm:ss} UTC"), same);
            }

            var root = RootOf(path);
            var hanging = LeftBehind.Values.Count(other => other == root);
            if (hanging > 0 && time > LeastPatience)
            {
                time = TimeSpan.FromSeconds(Math.Max(LeastPatience.TotalSeconds, time.TotalSeconds / Math.Pow(LessPatience, hanging)));
            }
        }

        caller.Make(pending);
        bool came;
        try
        {
            came = pending.Wait(time, patience.Cancellation);
        }
        catch (OperationCanceledException)
        {
            Leave(pending);
            throw;
        }

        return came || !Leave(pending) ? pending.Result() : throw Stalled(path, FormattableString.Invariant($"nothing came of it for {time.TotalSeconds:0.#} s"), pending);
    }

    private static LogStalledException Stalled(string path, string what, Pending pending) => new(
        $"{path} does not answer: {what}. Is its disk, or the server of a network folder, away? Nothing of it is stored; import it again when it answers (Import:PatienceSeconds in the settings is how long is waited for it).",
        pending.Answered);

    /// <summary>False when it has come back after all.</summary>
    private static bool Leave(Pending pending)
    {
        LeftBehind[pending] = RootOf(pending.Path);
        if (pending.Leave())
        {
            return true;
        }

        LeftBehind.TryRemove(pending, out _);
        return false;
    }

    /// <summary>Where the file system begins that a file lies on; asks no file system.</summary>
    private static string RootOf(string path)
    {
        var full = Path.GetFullPath(path);
        return DriveInfo.GetDrives().Select(drive => drive.Name).Where(root => full.StartsWith(root, StringComparison.Ordinal)).MaxBy(root => root.Length) ?? "";
    }

    /// <summary>A call that may hang.</summary>
    private abstract class Pending(string path)
    {
        private const int IsAnswered = 1, IsLeft = 2;

        private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _state;

        public string Path { get; } = path;

        public DateTime Since { get; } = DateTime.UtcNow;

        /// <summary>Ends when it came back, however late.</summary>
        public Task Answered => _answered.Task;

        public bool Wait(TimeSpan time, CancellationToken cancellationToken) => _came.Task.Wait(time, cancellationToken);

        /// <summary>Leaves it to itself; false when it has come back.</summary>
        public bool Leave() => Interlocked.CompareExchange(ref _state, IsLeft, 0) == 0;

        public abstract void Make();

        public void Answer()
        {
            if (Interlocked.CompareExchange(ref _state, IsAnswered, 0) == 0)
            {
                _came.SetResult();
                return;
            }

            Discard();
            LeftBehind.TryRemove(this, out _);
            _answered.SetResult();
        }

        protected abstract void Discard();
    }

    private sealed class Pending<T>(string path, Func<T> call) : Pending(path)
    {
        private T? _result;
        private ExceptionDispatchInfo? _failure;

        public override void Make()
        {
            try
            {
                _result = call();
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }
        }

        public T Result()
        {
            _failure?.Throw();
            return _result!;
        }

        // A file that was opened after all.
        protected override void Discard() => (_result as IDisposable)?.Dispose();
    }

    /// <summary>A thread that makes one call after the other; one whose call hangs is not given another.</summary>
    private sealed class Caller
    {
        private readonly object _gate = new();
        private Pending? _pending;

        public Caller() => new Thread(Work) { IsBackground = true, Name = "Calls into file systems" }.UnsafeStart();

        public void Make(Pending pending)
        {
            lock (_gate)
            {
                _pending = pending;
                Monitor.Pulse(_gate);
            }
        }

        private void Work()
        {
            while (true)
            {
                var pending = Given();
                pending.Make();
                var stays = Idle.Count < MostIdle;
                if (stays)
                {
                    // Before the answer, so that who waits for it finds this thread free.
                    Idle.Push(this);
                }

                pending.Answer();
                if (!stays)
                {
                    return;
                }
            }
        }

        private Pending Given()
        {
            lock (_gate)
            {
                while (_pending is null)
                {
                    Monitor.Wait(_gate);
                }

                var pending = _pending;
                _pending = null;
                return pending;
            }
        }
    }
}
