import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import { isPathSegment, pathSegment } from '../../http/path-segment.js';
import { getOwn } from '../../model/keyed.js';
import type { Context } from '../connector.js';
import { isOfType } from './check-rows.js';
import { jsonIn } from './json-in.js';
import type { AvniLister } from './lister.js';
import { PageBroken } from './page-broken.js';
import { isOdd, rowOf } from './rows.js';
import type { AvniSession } from './session.js';

const BEFORE_ALL = '1970-01-01T00:00:00.000Z';
/** After any record of any organisation: stamps may lie a little ahead of the server's clock. */
const AFTER_ALL = '2999-01-01T00:00:00.000Z';

const LATELY = 60_000;

/**
 * The names of an organisation's types, as its web application asks for them. Each entry is read by
 * itself.
 */
const modules = z.object({
  subjectTypes: z.array(z.unknown()),
  programs: z.array(z.unknown()),
  encounterTypes: z.array(z.unknown()),
  addressLevelTypes: z.array(z.unknown()).optional(),
});
const named = z.object({ name: z.string() });

/** Whether Avni knows a type's name; where it does not, the names it knows instead. */
type Knowledge = { kind: 'known'; byRecord: boolean } | { kind: 'unknown'; names: string[] } | { kind: 'unsure' };

/**
 * Whether Avni knows the name of one type. Asked for records of a type that it does not know, it
 * gives none, and says nothing (Avni server, observed): so an empty list alone never shows that
 * there is nothing.
 */
export class KnownType {
  /**
   * A record that Avni gave by this name: so long as it says that it is of this type, the name is
   * known.
   */
  private witness: string | undefined;
  /** A record that should be of this type is of another: one of the process, or the witness. */
  private contradicted = false;
  /** When the name was last found to be no wrong one. */
  private expectedAt = 0;

  constructor(
    private readonly session: AvniSession,
    private readonly lister: AvniLister,
  ) {}

  /** Avni gave this record when it was asked for the type. */
  saw(id: string | undefined): void {
    this.witness = id ?? this.witness;
  }

  /**
   * To be called after an empty answer, which is right only if this does not throw. @throws
   * SystemFailure `UnknownType` where the name is not known
   */
  async expect(c: Context): Promise<Knowledge> {
    const knowledge = await this.ask(c);
    if (knowledge.kind === 'known') this.contradicted = false;
    if (knowledge.kind === 'unknown') throw unknownType(this.lister, knowledge.names);
    if (knowledge.kind === 'unsure' && this.contradicted) throw unknownType(this.lister, []);
    this.expectedAt = Date.now();
    return knowledge;
  }

  /** The same where a minute more or less does not matter: no bookmark moves by it. */
  async expectLately(c: Context): Promise<void> {
    if (Date.now() - this.expectedAt > LATELY) await this.expect(c);
  }

  /** The same where a record that should be of the type says that it is of another. */
  async expectDespite(c: Context): Promise<void> {
    this.contradicted = true;
    await this.expect(c);
  }

  /**
   * By what shows it best: a record, else what the organisation has set up, where the user may read
   * that. @throws SystemFailure, Cancelled
   */
  private async ask(c: Context): Promise<Knowledge> {
    if (this.witness !== undefined) {
      const word = await this.wordOf(this.witness, c);
      if (word === 'still') return { kind: 'known', byRecord: true };
      // It is kept: what it says stands until a record is given by the name again.
      if (word === 'otherwise') this.contradicted = true;
      else this.witness = undefined;
    }
    try {
      const [first] = (await this.lister.list({ after: BEFORE_ALL, until: AFTER_ALL }, 0, 1, c)).rows;
      const isOne = first && (isOdd(first) || isOfType(first, this.lister.endpoint, this.lister.type));
      if (isOne) this.saw(first.id);
      if (isOne) return { kind: 'known', byRecord: true };
    } catch (error) {
      // A record that breaks its page shows that there is one.
      if (error instanceof PageBroken) return { kind: 'known', byRecord: true };
      throw error;
    }
    const names = await this.names(c);
    if (!names) return { kind: 'unsure' };
    return names.includes(this.lister.type) ? { kind: 'known', byRecord: false } : { kind: 'unknown', names };
  }

  /**
   * What a record says of its type: this name, or another one, as after the type was renamed; or
   * nothing that shows it, as one that is gone or voided.
   */
  private async wordOf(id: string, c: Context): Promise<'still' | 'otherwise' | 'nothing'> {
    const { endpoint, type } = this.lister;
    if (!isPathSegment(id) || /[/;]/.test(id)) return 'nothing';
    const { status, text } = await this.session.get(`${endpoint.one}/${pathSegment(id)}`, { version: '1' }, c);
    const row = status === 200 ? rowOf(jsonIn(text)) : undefined;
    if (row === undefined || isOdd(row) || row.id !== id || typeof getOwn(row.body, endpoint.field) !== 'string') return 'nothing';
    if (isOfType(row, endpoint, type)) return 'still';
    return row.voided ? 'nothing' : 'otherwise';
  }

  /** Undefined where they may not be read. */
  private async names(c: Context): Promise<string[] | undefined> {
    const { status, text } = await this.session.get('/web/operationalModules', {}, c);
    const parsed = status === 200 ? modules.safeParse(jsonIn(text)) : undefined;
    return parsed?.data?.[this.lister.endpoint.types]?.flatMap((each) => named.safeParse(each).data?.name ?? []);
  }
}

const MAX_NAMES = 10;
const MAX_NAME = 100;

/** Of a type that Avni does not know; `names`: those it knows. */
export function unknownType({ type, endpoint }: { type: string; endpoint: { parameter: string } }, names: string[]): SystemFailure {
  const shown = names.slice(0, MAX_NAMES).map((name) => `“${name.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, MAX_NAME)}”`);
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const has = names.length > 0 ? ` It has ${shown.join(', ')}${more}.` : '';
  return new SystemFailure({
    code: 'UnknownType',
    needsPerson: true,
    message: `Avni has no ${endpoint.parameter} “${type}”, or has it no more.${has}`,
    remedy: `Write the name of the ${endpoint.parameter} in the definition exactly as it is in Avni, also after it was changed there: it goes on where it stopped.`,
  });
}
