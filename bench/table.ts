import { holds, type Figure } from './figure.js';

/** Figures as a table for a terminal, one line each. */
export function tableOf(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    holds(figure) ? 'ok' : 'SHORT',
    `${round(figure.value)}${unit(figure)}`,
    'atLeast' in figure.bound ? `≥ ${figure.bound.atLeast}${unit(figure)}` : `≤ ${figure.bound.atMost}${unit(figure)}`,
    figure.what,
    figure.detail,
  ]);
  const lines = [['', 'measured', 'bound', 'what', 'from'], ...rows];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function unit({ unit: name }: Figure): string {
  return name === undefined ? ' ×' : ` ${name}`;
}

/** Three digits that matter. */
export function round(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
