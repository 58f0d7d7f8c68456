import { setCurrentDetails } from '@temporalio/workflow';
import type { Markdown } from '../src/model/markdown.js';

/** The one place that gives the Web UI what it shows of a workflow as markdown. */
export function showDetails({ text }: Markdown): void {
  setCurrentDetails(text);
}
