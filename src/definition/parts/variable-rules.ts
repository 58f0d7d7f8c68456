/** Which variables the definition of an integration may use, as `SANGAM_VARIABLES` says. */
export interface VariableRules {
  /** False where nothing is said, so that all may use all. */
  limited: boolean;
  allows(integration: string, name: string): boolean;
  /**
   * Names that are written out for an integration: these may be told to whoever wrote its
   * definition.
   */
  named(integration: string): string[];
  /** Why the setting cannot be read; then nothing is allowed. */
  problem?: string;
}

const integrationForm = /^[a-z0-9-]{1,60}$/;
const nameForm = /^(?:[A-Za-z_][A-Za-z0-9_]*\*?|\*)$/;

/**
 * Reads e.g. `clinic=CLINIC_*,EMR_TOKEN; school=SCHOOL_*`: for each integration the names, or
 * beginnings of names, of the variables that its definition may use. One that is not listed may use
 * none.
 */
export function variableRules(text: string | undefined): VariableRules {
  if (text === undefined || text.trim() === '') return { limited: false, allows: () => true, named: () => [] };
  const allowed = new Map<string, string[]>();
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [integration = '', list, ...more] = part.split('=').map((each) => each.trim());
    const names = (list ?? '').split(/[\s,]+/).filter((each) => each !== '');
    if (!integrationForm.test(integration) || list === undefined || more.length > 0 || !names.every((name) => nameForm.test(name)))
      return unreadable;
    allowed.set(integration, [...(allowed.get(integration) ?? []), ...names]);
  }
  const of = (integration: string): string[] => allowed.get(integration) ?? [];
  return {
    limited: true,
    allows: (integration, name) =>
      of(integration).some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each)),
    named: (integration) => of(integration).filter((each) => !each.endsWith('*')),
  };
}

const unreadable: VariableRules = {
  limited: true,
  allows: () => false,
  named: () => [],
  problem:
    'SANGAM_VARIABLES is not written as e.g. "clinic=CLINIC_*,EMR_TOKEN; school=SCHOOL_*", so that no definition may use any variable.',
};
