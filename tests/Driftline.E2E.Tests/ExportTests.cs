using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>What the menu of a chart gives away: files for papers with the numbers of the command line.</summary>
public sealed class ExportTests(DemoProgram demo, Chromium chromium)
{
    private const double Tolerance = .01;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData("microworld/values?suite=values", "js_distance", "values", "origin")]
    [InlineData("gpt2-political-bias/semantics", "mean_score", "perplexity", "none")]
    public async Task A_line_chart_goes_on_paper_with_the_numbers_of_series(string address, string measure, string suite, string baseline)
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/" + address);
        await page.ChartsDrawnAsync();
        var chart = ShownChart.Find(page, "line", measure, suite).First;
        var shown = await ShownChart.ReadAsync(page, chart);

        var svg = XDocument.Parse(await Exported.TextAsync(page, chart, "SVG"));
        AssertDrawn(svg, shown.Spec);
        Assert.Equal(svg.ToString(), XDocument.Parse(await Exported.TextAsync(page, chart, "SVG")).ToString());

        var rows = Rows(await Exported.TextAsync(page, chart, "Numbers as CSV"));
        var series = await CommandLine.JsonAsync(demo.DataDirectory, "series", "--lineage", shown.Parameter("lineage")!, "--measure", measure, "--suite", suite, "--baseline", baseline);
        var printed = series["points"]!.AsArray().Select(point => point!).Where(point => !IsReference(point)).ToList();
        Assert.Equal(printed.Count, rows.Count(row => !IsReference(row)));
        foreach (var point in printed)
        {
            var row = Assert.Single(rows, row => row["branch"] == (string?)point["branch"] && row["seed"] == ((string?)point["seed"] ?? "") && row["generation"] == $"{point["generation"]}");
            Assert.Equal(((string?)point["model"], (string?)point["status"], (string?)point["reason"] ?? ""), (row["model"], row["status"], row["reason"]));
            foreach (var column in new[] { "value", "lo", "hi", "n" })
            {
                Assert.Equal((double?)point[column], row[column].Length == 0 ? null : double.Parse(row[column], CultureInfo.InvariantCulture));
            }
        }

        page.AssertClean();
    }

    [Fact]
    public async Task Shares_and_maps_are_drawn_in_shapes_and_text()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/values?suite=values");
        await page.ChartsDrawnAsync();
        await page.ChooseThemeAsync("dark");

        var shares = ShownChart.Find(page, "shares", "answer_share", "values").First;
        var bars = XDocument.Parse(await Exported.TextAsync(page, shares, "SVG"));
        var spec = (await ShownChart.ReadAsync(page, shares)).Spec;
        foreach (var (answer, i) in spec["answers"]!.AsArray().Select((answer, i) => (answer!, i)))
        {
            var parts = Group(bars, $"answer-{i + 1}").Elements(Svg + "rect").Select(part => Number(part, "height")).ToList();
            var points = answer["points"]!.AsArray();
            // Between two parts there is half a point of paper.
            Assert.Equal(points.Select(point => (double)point!["value"]!), parts.Select(height => (height + .5) / PlotHeight(bars, spec)), (a, b) => Math.Abs(a - b) < Tolerance);
        }

        var map = ShownChart.Find(page, "heatmap", "score_shift", "values").First;
        var cells = XDocument.Parse(await Exported.TextAsync(page, map, "SVG"));
        var rows = (await ShownChart.ReadAsync(page, map)).Spec["rows"]!.AsArray();
        Assert.Equal(rows.Select(row => (string?)row!["name"]), Group(cells, "rows").Elements(Svg + "text").Select(text => text.Value));
        Assert.All(rows, row => Assert.Equal(
            row!["cells"]!.AsArray().Count(cell => cell!["value"] is not null),
            Group(cells, $"row-{rows.IndexOf(row) + 1}").Elements(Svg + "rect").Count()));

        // Light on paper, whatever the page's theme; plain shapes only.
        Assert.All(new[] { bars, cells }, paper =>
        {
            Assert.Equal("#ffffff", paper.Root!.Element(Svg + "rect")!.Attribute("fill")!.Value);
            Assert.Subset(new HashSet<string> { "svg", "title", "desc", "g", "rect", "polyline", "polygon", "circle", "text" }, paper.Descendants().Select(element => element.Name.LocalName).ToHashSet());
        });
        page.AssertClean();
    }

    [Fact]
    public async Task The_dialog_makes_a_picture_of_the_venues_size_and_of_the_chosen_resolution()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/overview");
        await page.ChartsDrawnAsync();
        var area = page.Page.Locator(".chart-area[tabindex]").First;
        await area.FocusAsync();
        await page.Page.Keyboard.PressAsync("e");
        var dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Export figure");
        await page.AssertAccessibleAsync("the export dialog");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(area).ToBeFocusedAsync();

        await page.Page.Keyboard.PressAsync("e");
        await dialog.GetByLabel("Format").SelectOptionAsync("png");
        await dialog.GetByLabel("Size for").SelectOptionAsync("ICML, one column");
        await dialog.GetByLabel("Resolution, dpi").FillAsync("600");
        await dialog.GetByLabel("Height, inches").FillAsync("2");
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("1950 × 1200 pixels");
        var first = await Exported.BytesAsync(page, () => dialog.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        await Expect(dialog).ToHaveCountAsync(0);

        Assert.Equal((1950, 1200), (BinaryPrimitives.ReadInt32BigEndian(first.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(first.AsSpan(20))));
        // The chunk after the header: pHYs, pixels per metre both ways.
        Assert.Equal("pHYs"u8.ToArray(), first[37..41]);
        Assert.Equal(23622, BinaryPrimitives.ReadInt32BigEndian(first.AsSpan(41)));

        var tile = page.Page.Locator(".tile").First;
        var whole = XDocument.Parse(await Exported.TextAsync(page, tile.Locator(".chart"), "SVG"));
        Assert.NotEmpty(Group(whole, "value-axis").Elements(Svg + "text"));
        page.AssertClean();
    }

    private static void AssertDrawn(XDocument svg, JsonNode spec)
    {
        Assert.Equal((string?)spec["title"], svg.Root!.Element(Svg + "title")!.Value);
        Assert.Equal((string?)spec["caption"], svg.Root!.Element(Svg + "desc")!.Value);
        var texts = svg.Descendants(Svg + "text").Select(text => text.Value).ToHashSet();
        var lines = spec["lines"]!.AsArray().Select(line => line!).ToList();
        Assert.Superset(new HashSet<string>(["generation", .. lines.Select(line => (string)line["label"]!)]), texts);

        var toValue = Scale(svg, spec);
        foreach (var (line, i) in lines.Select((line, i) => (line, i)))
        {
            var values = line["points"]!.AsArray().Select(point => (double?)point!["value"]).OfType<double>().ToList();
            var group = Group(svg, $"line-{i + 1}");
            Assert.Equal(values.Count, group.Elements().Count(shape => shape.Name.LocalName is "circle" or "polygon"));
            var drawn = group.Elements(Svg + "polyline").Where(shape => shape.Attribute("points")!.Value.Split(' ').Length == values.Count)
                .SelectMany(shape => shape.Attribute("points")!.Value.Split(' '))
                .Select(point => toValue(double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture)))
                .ToList();
            var range = (double)spec["y"]!["max"]! - (double)spec["y"]!["min"]!;
            Assert.Equal(values.Count > 1 ? values : [], drawn, (a, b) => Math.Abs(a - b) < range * Tolerance / 10);
        }
    }

    /// <summary>From a height on paper to a value, by the lines of the axis' ticks.</summary>
    private static Func<double, double> Scale(XDocument svg, JsonNode spec)
    {
        var ticks = spec["y"]!["ticks"]!.AsArray().Select(tick => (double)tick!["at"]!).ToList();
        var heights = Group(svg, "value-axis").Elements(Svg + "polyline").Select(line => double.Parse(line.Attribute("points")!.Value.Split(',')[1].Split(' ')[0], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(ticks.Count, heights.Count);
        var perPoint = (ticks[^1] - ticks[0]) / (heights[^1] - heights[0]);
        return height => ticks[0] + ((height - heights[0]) * perPoint);
    }

    private static double PlotHeight(XDocument svg, JsonNode spec)
    {
        var ticks = Group(svg, "value-axis").Elements(Svg + "text").Where(text => text.Attribute("transform") is null).ToList();
        Assert.Equal(spec["y"]!["ticks"]!.AsArray().Count, ticks.Count);
        return Number(ticks[0], "y") - Number(ticks[^1], "y");
    }

    private static XElement Group(XDocument svg, string id) => Assert.Single(svg.Descendants(Svg + "g"), group => group.Attribute("id")!.Value == id);

    private static double Number(XElement shape, string attribute) => double.Parse(shape.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static bool IsReference(JsonNode point) => (string?)point["model"] == "GPT-2";

    private static bool IsReference(IReadOnlyDictionary<string, string> row) => row["model"] == "GPT-2";

    /// <summary>The cells of a row; what stands between quotes may hold commas, and quotes twice.</summary>
    private static List<string> Cells(string row)
    {
        var cells = new List<string> { "" };
        var quoted = false;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == '"' && quoted && i + 1 < row.Length && row[i + 1] == '"')
            {
                cells[^1] += row[i++];
            }
            else if (row[i] == '"')
            {
                quoted = !quoted;
            }
            else if (row[i] == ',' && !quoted)
            {
                cells.Add("");
            }
            else
            {
                cells[^1] += row[i];
            }
        }

        return cells;
    }

    private static List<Dictionary<string, string>> Rows(string text)
    {
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(Cells).ToList();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second))];
    }
}
