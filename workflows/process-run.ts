import { getExternalWorkflowHandle, patched, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { detailsOf } from './details.js';
import { allowedByResume, openAfterResume } from '../src/model/failing.js';
import { errorsId } from './ids.js';
import { acceptedRewind, checkRewind, followSignal, parseLoosely, pausesOnly, rewindUpdate, statusQuery } from './messages.js';
import { now } from './now.js';
import { startBookmarks } from './start-bookmarks.js';
import { bookmarksOf, upgradeState, type ProcessInput, type ProcessState } from './state.js';
import type { SavedBookmark } from '../src/model/bookmark.js';
import { statusOf } from './status.js';
import { Steering } from './steering.js';
import { getOwn, setOwn } from '../src/model/keyed.js';
import { showDetails } from './show-details.js';

/** One run of a regular process: its state, what it does now, and the messages that reach it. */
export class ProcessRun extends Steering<ProcessState> {
  /** Entity types whose bookmark an operator moved while this run went on. */
  readonly rewound = new Set<string>();
  /** The entity type that runs now, and its child's workflow id. */
  running: { entityType: string; child: string } | undefined;
  /** What runs now began before an operator accepted its failures by `resume`: what it says of them is behind. */
  accepted = false;
  /** The bookmarks it was started with. */
  private readonly given: Record<string, SavedBookmark>;

  constructor(input: ProcessInput) {
    super(input.process, upgradeState(input, now()));
    this.given = givenTo(input);
    setHandler(statusQuery, () => statusOf(this.process, this.state, this.running?.child), {
      description: 'What it does, since when and why',
    });
    setHandler(rewindUpdate, (request) => this.rewind(request), {
      validator: (request) => checkRewind(request, this.state, this.running?.entityType, now()),
      description: '{"entityType", "to"}: go back to an instant and send again what changed since',
    });
    this.listen();
  }

  override get wanted(): boolean {
    return super.wanted || this.rewound.size > 0;
  }

  /** What the memo holds, in the form a start input takes: until a plan was made, what the operator gave. */
  get bookmarks(): Record<string, SavedBookmark> {
    return this.state.digest === undefined ? this.given : bookmarksOf(this.state);
  }

  /** Puts bookmarks into the memo that it has none of yet: a process that is terminated before its first child ended loses none. */
  keepBookmarks(): void {
    const kept = Object.keys(workflowInfo().memo?.['bookmarks'] ?? {});
    const isNew = Object.keys(this.bookmarks).some((name) => !kept.includes(name));
    if (isNew && patched('bookmarks-at-start')) upsertMemo({ bookmarks: this.bookmarks });
  }

  protected show(): void {
    showDetails(detailsOf(statusOf(this.process, this.state, this.running?.child)));
  }

  protected override async paused(payload: unknown): Promise<void> {
    const before = this.state.pause;
    const taken = super.paused(payload);
    // The error process rests already, or is about to be told so: it is not told to go on by this.
    if (before && before.only !== true) delete this.state.pause?.only;
    await taken;
    if (this.state.pause === before || pausesOnly(payload)) return;
    await this.tellErrorProcess();
  }

  /** The error process may have begun to rest in the middle of this pause, and then knows no end of it. */
  override async endPause(): Promise<void> {
    await super.endPause();
    await this.tellErrorProcess();
  }

  protected override async resumed(payload: unknown): Promise<void> {
    const stopped = Object.entries(this.state.types).filter(([, { tooMany }]) => tooMany);
    for (const [name, type] of stopped) {
      // Where no record tries it, too many rows are open, or children were left on theirs: its own records are not excused.
      if (type.tooMany?.stop.record !== undefined || !patched('resume-excuses-records-alone')) type.failing = allowedByResume;
      const open = type.tooMany?.stop.open;
      if (open !== undefined) this.state.openUpTo = openAfterResume(this.state.openUpTo, open);
      delete type.tooMany;
      if (name === this.running?.entityType) this.accepted = true;
    }
    for (const type of Object.values(this.state.types)) {
      delete type.rests;
      delete type.takenBack;
    }
    await super.resumed(payload);
    if (stopped.length > 0 && patched('resume-looks')) this.runNow();
    if (!pausesOnly(payload)) await this.tellErrorProcess();
  }

  /** The error process rests with this one. It may not be there yet: it asks when it starts. */
  async tellErrorProcess(): Promise<void> {
    if (!patched('errors')) return;
    await getExternalWorkflowHandle(errorsId(this.process))
      .signal(followSignal, this.state.pause?.only === true ? null : (this.state.pause ?? null))
      .catch(() => undefined);
  }

  private rewind(request: unknown): string {
    const { entityType, to } = acceptedRewind(request);
    const type = getOwn(this.state.types, entityType) ?? setOwn(this.state.types, entityType, {});
    const systems = type.bookmark?.systems;
    type.bookmark = { v: 1, at: to, ...(systems !== undefined ? { systems } : {}) };
    delete type.lastDone;
    delete type.rests;
    this.rewound.add(entityType);
    // A child of this run may have got further: the memo says that its word does not count any more.
    if (patched('rewind-kept')) upsertMemo({ bookmarks: this.bookmarks, rewound: [...this.rewound] });
    this.publish();
    return `${entityType} goes back to ${to} and sends again what changed since.`;
  }
}

/** What it was started with. A history may hold a start that an earlier release took more loosely. */
function givenTo({ bookmarks }: ProcessInput): Record<string, SavedBookmark> {
  const [given, loosely] = [startBookmarks(bookmarks), startBookmarks(bookmarks, parseLoosely)];
  return Object.keys(loosely).length > Object.keys(given).length && !patched('strict-instants') ? loosely : given;
}
