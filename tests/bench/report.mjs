// What a run found, as a table for people and as JSON.
import { ratio, summary } from "./statistics.mjs";

/** A measure's figures: a row a contestant, each beside the measure's baseline. */
export function figures(measure, times) {
  const baseline = times[measure.baseline] ?? [];
  const rows = Object.entries(times).map(([name, values]) => {
    return { name, unit: "ms", ...summary(values), ratio: name === measure.baseline ? undefined : ratio(values, baseline) };
  });
  return { id: measure.id, title: measure.title, baseline: measure.baseline, rows };
}

/**
 * Whether a target is met: by the median, by the minimum alone (what a quieter machine would have shown), or not.
 * `of` takes a summary's word and gives the figure, `most` is the limit.
 */
export function verdict({ title, most, of }) {
  const [median, minimum] = [of("median"), of("minimum")];
  if (median === undefined) return { title, most, verdict: "not measured" };
  return { title, most, median, minimum, verdict: median <= most ? "met" : minimum <= most ? "met by the minimum" : "missed" };
}

/** A table of a measure. */
export function table({ title, baseline, rows }) {
  const head = ["", "rounds", "median", "minimum", ...(baseline ? [`÷ ${baseline}`, "by minima"] : []), ""];
  const lines = rows.map(({ name, rounds, median, minimum, unit, ratio, note = "" }) => {
    const beside = baseline ? [shown(ratio?.median, 2), shown(ratio?.minimum, 2)] : [];
    return [name, shown(rounds, 0), `${shown(median)} ${unit}`, `${shown(minimum)} ${unit}`, ...beside, note];
  });
  return `${title}\n${columns([head, ...lines])}`;
}

/** A table of verdicts. */
export function verdictTable(verdicts) {
  const lines = verdicts.map(({ title, most, median, minimum, verdict }) => {
    return [title, `≤ ${most}`, shown(median, 2), shown(minimum, 2), verdict];
  });
  return `targets\n${columns([["", "at most", "median", "minimum", ""], ...lines])}`;
}

function columns(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
  const last = lines[0].length - 1;
  return lines.map((line) => `  ${line.map((cell, at) => (at === last ? cell : pad(cell, at))).join("  ")}`.trimEnd()).join("\n");
}

function shown(value, places = 1) {
  if (value === undefined) return "–";
  return value.toFixed(places);
}
