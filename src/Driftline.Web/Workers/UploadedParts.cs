using Driftline.Ingest;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Workers;

/// <summary>
/// Files of logs that are spread over a folder (HELM) and come one by one, as a browser sends a folder that was dropped: a copy of each is
/// kept for a while under the folder's name, so that each is read with those that came before it, and the last with all.
/// </summary>
public sealed class UploadedParts
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    // Without a folder's name only what came together belongs together.
    private static readonly TimeSpan LooseKept = TimeSpan.FromMinutes(2);

    private readonly string _root;
    private readonly TimeProvider _time;

    /// <summary>Removes what an earlier process left and nothing will join any more.</summary>
    public UploadedParts(DataFolder folder, TimeProvider time)
    {
        _root = Path.Combine(folder.Incoming, "parts");
        _time = time;
        Forget();
    }

    /// <summary>Names the log that a file is a part of: the same for those that are gathered.</summary>
    public static string LogOf(ImportRequest request)
    {
        var name = request.Name.Replace('\\', '/');
        return MeasurePlanner.Hash(name[..Math.Max(0, name.LastIndexOf('/'))], (request.GatheredUnder ?? request.Overrides).ToString(), request.OnlyLineage);
    }

    /// <summary>The file beside those that came before it. Files whose names have no folder are only put together where they came within two minutes and what they say agrees.</summary>
    /// <param name="source">A part of a log by its name (see <see cref="ILogReader.IsPart"/>), which lies apart from the others.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="limits">How much is too much.</param>
    /// <param name="request">What was said of it: parts belong together only where the same was said of them.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<LogSource> GatherAsync(LogSource source, ILogReader reader, ImportLimits limits, ImportRequest request, CancellationToken cancellationToken)
    {
        Forget();
        var place = Path.Combine(_root, LogOf(request));
        var name = source.Name[(source.Name.LastIndexOfAny(['/', '\\']) + 1)..];
        var part = Path.Combine(place, name);
        var isLoose = name == source.Name;
        if ((isLoose && Directory.Exists(place) && _time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(place) > LooseKept)
            || (File.Exists(part) && (await LogDigest.ComputeAsync(part, [], cancellationToken)).Hash != (await LogDigest.ComputeAsync(source.Path, [], cancellationToken)).Hash))
        {
            // Another run (of the folder's name): what came of the one before must not be mixed with it.
            Directory.Delete(place, recursive: true);
        }

        Copy();
        var gathered = LogSource.FromFile(part, source.Name);
        if (isLoose && !reader.IsOneLog(gathered, limits, cancellationToken))
        {
            Directory.Delete(place, recursive: true);
            Copy();
        }

        return gathered;

        void Copy()
        {
            Directory.CreateDirectory(place);
            File.Copy(source.Path, part, overwrite: true);
        }
    }

    /// <summary>
    /// What to do with a part that a program posted: kept where it says too little without what is still to come, read with those that
    /// came before it elsewhere. Only under a folder's name; by itself it is read as what it is.
    /// </summary>
    /// <param name="source">The part beside those that came before it.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="request">What was said of it.</param>
    /// <returns>Why it is not read yet, or null; and whether the log is complete when it is read now.</returns>
    public static (string? Kept, bool Complete) Decide(LogSource source, ILogReader reader, ImportRequest request)
    {
        var folder = source.Name[..Math.Max(0, source.Name.LastIndexOfAny(['/', '\\']))];
        var there = reader.There(source);
        if (request.FromPage || folder.Length == 0 || there.Missing is not { } missing)
        {
            return (null, request.Complete || there.Missing is null);
        }

        var (saysNo, saysYes) = (request.SaysComplete && !request.Complete, request.SaysComplete && request.Complete);
        if (saysYes || (!saysNo && there.HasAnswers))
        {
            return (null, saysYes || there.HasScores);
        }

        return ($"it is kept for {Kept.TotalMinutes:0} minutes and read with the other files of {folder}: {missing}. Post them under the same folder's name; complete=true with any of them reads what has come.", false);
    }

    private void Forget()
    {
        if (!Directory.Exists(_root))
        {
            return;
        }

        foreach (var place in new DirectoryInfo(_root).EnumerateDirectories().Where(place => _time.GetUtcNow().UtcDateTime - place.LastWriteTimeUtc > Kept))
        {
            place.Delete(recursive: true);
        }
    }
}
