import type { Differences } from './compare/compare-systems.js';

/** Differences of a direction that are told one by one. */
const SHOWN = 5;

/**
 * Whether both systems agree, each way, and where not: record ids and names of fields, no values.
 */
export function agreementText({ inEmr, inAvni }: Differences): string[] {
  return [...oneWay('avni → emr', inEmr), ...oneWay('emr → avni', inAvni)];
}

function oneWay(direction: string, differences: string[]): string[] {
  if (differences.length === 0) return [`${direction}: both systems agree, record by record.`];
  const more = differences.length - SHOWN;
  return [
    `${direction}: the systems do NOT agree: ${differences.length} differences.`,
    ...differences.slice(0, SHOWN).map((each) => `  ${each}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}
