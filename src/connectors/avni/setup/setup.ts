import pLimit from 'p-limit';
import type { Context } from '../../connector.js';
import type { AvniSession } from '../session.js';
import type { AvniKind } from '../settings.js';
import { askConcept, type Concept } from './concepts.js';
import { askForm, formTypes, type Lists } from './forms.js';
import { askGenders } from './genders.js';
import { AT_ONCE } from '../at-once.js';
import { Locations } from './locations.js';
import type { Missing } from './metadata-answer.js';
import { Remembered } from './remembered.js';
import { askTypes, type Types } from './types.js';

/** Concepts within concepts that are looked at: an Avni form has two levels. */
const DEEPEST = 20;

/**
 * What an organisation has set up. Kept for a while by all who write there; what is unknown is
 * asked for anew by each call.
 */
export class Setup {
  private readonly limit = pLimit(AT_ONCE);
  private readonly concepts: Remembered<Concept | Missing>;
  private readonly types: Remembered<Types | Missing>;
  private readonly forms: Remembered<Lists | Missing>;
  private readonly locations: Remembered<Locations>;

  constructor(private readonly session: AvniSession) {
    const isKnown = (value: unknown): boolean => typeof value !== 'string';
    this.concepts = new Remembered((name, c) => this.limit(() => askConcept(session, name, c)), isKnown);
    this.types = new Remembered((_name, c) => askTypes(session, c), isKnown);
    this.forms = new Remembered((uuid, c) => this.limit(() => askForm(session, uuid, c)), isKnown);
    const all = new Locations(session);
    this.locations = new Remembered(async (_name, c) => (await all.refresh(c), all), isKnown);
  }

  /** As one call that writes sees it: whatever it asks for twice has one answer. */
  view(): SetupView {
    return new SetupView(this.session, this.concepts, this.types, this.forms, this.locations);
  }
}

/** See `Setup`. Every method throws SystemFailure where the server as such fails, and Cancelled. */
export class SetupView {
  private readonly asked = new Map<string, Promise<Concept | Missing>>();
  private readonly anew = new Set<string>();
  private genderNames: Promise<ReadonlySet<string> | Missing> | undefined;
  private again: Promise<Types | Missing> | undefined;
  private refreshed: Promise<Locations> | undefined;

  constructor(
    private readonly session: AvniSession,
    private readonly known: Remembered<Concept | Missing>,
    private readonly knownTypes: Remembered<Types | Missing>,
    private readonly knownForms: Remembered<Lists | Missing>,
    private readonly knownLocations: Remembered<Locations>,
  ) {}

  /** The concepts that observations name, and those within groups. */
  async conceptsIn(observations: readonly object[], c: Context): Promise<ReadonlyMap<string, Concept | Missing>> {
    const found = new Map<string, Concept | Missing>();
    const ask = async (each: object, depth: number): Promise<void> => {
      await Promise.all(
        Object.entries(each).map(async ([name, value]) => {
          const concept = await this.concept(name, c);
          found.set(name, concept);
          const isGroup = typeof concept !== 'string' && concept.dataType === 'QuestionGroup';
          if (!isGroup || typeof value !== 'object' || value === null || depth > DEEPEST) return;
          for (const inner of Array.isArray(value) ? (value as unknown[]) : [value])
            if (typeof inner === 'object' && inner !== null) await ask(inner, depth + 1);
        }),
      );
    };
    for (const each of observations) await ask(each, 0);
    return found;
  }

  /**
   * The same, with coded concepts as they are now: an answer may have been added since. Asked anew
   * once in a call.
   */
  async answersAgain(
    observations: readonly object[],
    before: ReadonlyMap<string, Concept | Missing>,
    c: Context,
  ): Promise<ReadonlyMap<string, Concept | Missing>> {
    for (const [name, concept] of before) {
      if (typeof concept !== 'object' || concept.dataType !== 'Coded' || this.anew.has(name)) continue;
      this.anew.add(name);
      this.known.forget(name);
      this.asked.delete(name);
    }
    return this.conceptsIn(observations, c);
  }

  /** A concept as it is now. Asked anew once in a call. */
  conceptAgain(name: string, c: Context): Promise<Concept | Missing> {
    if (!this.anew.has(name)) {
      this.anew.add(name);
      this.known.forget(name);
      this.asked.delete(name);
    }
    return this.concept(name, c);
  }

  /**
   * Asked anew for each call: an unknown one is the one thing that an Avni server damages a record
   * for.
   */
  genders(c: Context): Promise<ReadonlySet<string> | Missing> {
    return (this.genderNames ??= askGenders(this.session, c));
  }

  types(c: Context): Promise<Types | Missing> {
    return this.again ?? this.knownTypes.get('', c);
  }

  /** The types as they are now. */
  typesAgain(c: Context): Promise<Types | Missing> {
    if (!this.again) this.knownTypes.forget('');
    return (this.again ??= this.knownTypes.get('', c));
  }

  /**
   * Which concepts have lists in the forms of a type; where its forms differ, or may not be read,
   * nothing is said.
   */
  async lists({ kind, type }: { kind: AvniKind; type: string }, c: Context): Promise<Lists> {
    const types = await this.types(c);
    if (typeof types === 'string') return new Map();
    const all = kind === 'subject' ? types.subjectTypes : kind === 'enrolment' ? types.programs : types.encounterTypes;
    const uuid = all.find(({ name }) => name === type)?.uuid;
    const forms = types.forms.filter(
      ({ formType, typeUuids }) => formTypes[kind].includes(formType) && typeUuids.some((each) => each === uuid),
    );
    const lists = new Map<string, boolean>();
    const doubted = new Set<string>();
    for (const { formUUID } of forms) {
      const form = await this.knownForms.get(formUUID, c);
      for (const [name, isList] of typeof form === 'string' ? [] : form) {
        if ((lists.get(name) ?? isList) !== isList) doubted.add(name);
        lists.set(name, isList);
      }
    }
    for (const name of doubted) lists.delete(name);
    return lists;
  }

  locations(c: Context): Promise<Locations> {
    return this.refreshed ?? this.knownLocations.get('', c);
  }

  /** The locations with those that were added since. */
  locationsAgain(c: Context): Promise<Locations> {
    if (!this.refreshed) this.knownLocations.forget('');
    return (this.refreshed ??= this.knownLocations.get('', c));
  }

  private concept(name: string, c: Context): Promise<Concept | Missing> {
    const asked = this.asked.get(name) ?? this.known.get(name, c);
    this.asked.set(name, asked);
    return asked;
  }
}
