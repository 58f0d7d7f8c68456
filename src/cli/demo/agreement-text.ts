/** Differences that are told one by one. */
const SHOWN = 5;

/** Whether both systems agree, and where not: record ids and names of fields, no values. */
export function agreementText(differences: string[]): string[] {
  if (differences.length === 0) return ['Both systems agree, record by record.'];
  const more = differences.length - SHOWN;
  return [
    `The systems do NOT agree: ${differences.length} differences.`,
    ...differences.slice(0, SHOWN).map((each) => `  ${each}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}
