import { TooLong } from './run.js';

/** A text that knows how far it was read, and lets itself be read no further than it is told: RE2 asks it for one character after the other. */
export class WatchedText extends String {
  /** Behind the last character that was read since `watch`. */
  reached = 0;
  private most = Infinity;

  constructor(private readonly text: string) {
    super(text);
  }

  /** From now on. `most`: the first place that is too far. */
  watch(from: number, most: number): void {
    this.reached = from;
    this.most = most;
  }

  /** @throws TooLong */
  override charCodeAt(index: number): number {
    if (index >= this.reached) {
      if (index >= this.most) throw new TooLong();
      this.reached = index + 1;
    }
    return this.text.charCodeAt(index);
  }

  override indexOf(searched: string, from?: number): number {
    return this.text.indexOf(searched, from);
  }
}
