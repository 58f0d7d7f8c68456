import { SystemFailure } from '../../errors/system-failure.js';
import type { Context, SourceHealth } from '../connector.js';
import type { Target } from './destination-settings.js';
import { endpoints } from './endpoints.js';
import { unknownType } from './known-type.js';
import type { WriteKind } from './write-fields.js';
import type { SetupView } from './setup/setup.js';

const TASKS = { parameter: 'task type', types: 'taskTypes' } as const;

/**
 * That Avni knows the type that is written, where it lets that be read.
 *
 * @throws SystemFailure `UnknownType`; and where the server as such fails
 */
export async function expectType({ kind, type }: Target<WriteKind>, view: SetupView, c: Context): Promise<void> {
  const endpoint = kind === 'task' ? TASKS : endpoints[kind];
  const isKnown = (types: Awaited<ReturnType<SetupView['types']>>): boolean =>
    typeof types === 'string' || types[endpoint.types].some(({ name }) => name === type);
  if (isKnown(await view.types(c))) return;
  const now = await view.typesAgain(c);
  if (typeof now === 'string' || isKnown(now)) return;
  throw unknownType(
    { type, endpoint },
    now[endpoint.types].map(({ name }) => name),
  );
}

/**
 * Whether Avni knows the type, and lets be read what records are checked against. Never throws for
 * a sick system.
 */
export async function checkTarget(target: Target<WriteKind>, view: SetupView, c: Context): Promise<SourceHealth> {
  try {
    await expectType(target, view, c);
    const [types, concept, genders] = [await view.types(c), await view.conceptsIn([{ Sangam: 0 }], c), await view.genders(c)];
    const unreadable = [
      ...(types === 'unreadable' ? ['/web/operationalModules'] : []),
      ...(concept.get('Sangam') === 'unreadable' ? ['/web/concept'] : []),
      ...(genders === 'unreadable' && target.kind === 'subject' ? ['/gender'] : []),
    ];
    const { origin } = target;
    if (origin !== undefined && (await view.conceptsIn([{ [origin]: '' }], c)).get(origin) === 'unknown')
      return { problems: [noOrigin(origin)], warnings: [] };
    return { problems: [], warnings: unreadable.length > 0 ? [setupUnreadable(unreadable)] : [] };
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    return { problems: [{ code: error.code, message: error.message, remedy: error.remedy }], warnings: [] };
  }
}

function noOrigin(concept: string): SourceHealth['problems'][number] {
  return {
    code: 'UnknownConcept',
    message: `Avni has no concept “${concept}”, in which Sangam is to note where each record came from.`,
    remedy: 'Add it in Avni, with the data type Text, or correct its name under “to: origin”: letter case and spaces count.',
  };
}

function setupUnreadable(paths: string[]): SourceHealth['warnings'][number] {
  return {
    code: 'SetupUnreadable',
    message: `Avni does not let ${paths.join(' and ')} be read, so that records are checked less closely before they are sent.`,
    remedy: 'Let the integration’s user read these addresses of the Avni server.',
  };
}
