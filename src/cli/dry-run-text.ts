import { errorOf, type DryRun } from '../sync/dry-run.js';
import type { EntityTypeParts } from '../sync/parts.js';
import { asTyped, showCommand, syncCommand } from '../temporal/errors/commands.js';
import { errorText } from './error-text.js';
import { inOneLine } from './printable.js';
import { writeText } from './write-text.js';

/** What would become of a record now, for a person at a terminal. */
export function dryRunText(run: DryRun, id: string, parts: EntityTypeParts): string {
  const state = run.record ? ` Its state is of ${inOneLine(run.record.version)}${run.record.voided ? ', voided' : ''}.` : '';
  return [`Run again now, with nothing written and nothing kept.${state}`, ...verdict(run, id, parts).map((line) => `  ${line}`)].join(
    '\n',
  );
}

function verdict(run: DryRun, id: string, parts: EntityTypeParts): string[] {
  const { outcome, failures, writes } = run;
  const { name, from } = parts.definition;
  const before = writes.filter((write) => write.entityType !== name || write.id !== id).map((write) => `Before it: ${writeText(write)}`);
  const error = errorOf(run);
  if (error) return [...before, 'It would fail:', ...errorText(error, parts.classify(error))];
  switch (outcome.result) {
    case 'absent':
      return [`${from.system} has no such record, or cannot read it; what was written for it would go as the definition says.`];
    case 'held': {
      if ('error' in outcome) return [...before, 'It would wait:', ...errorText(outcome.error, parts.classify(outcome.error))];
      const { entityType, id: parent } = outcome.on;
      const why = failures.find((each) => each.kind === 'errored' && each.entityType === entityType && each.id === parent);
      return [
        `It would wait on ${inOneLine(`${entityType} ${parent}`)}, which fails${why?.kind === 'errored' ? `: ${why.error.errorType}: ${inOneLine(why.error.message)}` : '.'}`,
        `See it: ${asTyped(showCommand(`${parts.integration}/${parts.process}`, entityType, parent))}`,
      ];
    }
    case 'filtered':
      return [
        ...before,
        'It would be filtered: by its rule, because it or what it depends on is voided or filtered, or with nothing there to remove.',
      ];
    default: {
      const own = writes.filter((write) => write.entityType === name && write.id === id);
      return [
        ...before,
        ...own.map(writeText),
        own.some(({ outcome }) => outcome.validated)
          ? 'The destination’s own validation was asked, and takes it. What that does not look at it could still refuse: bring the record over with'
          : 'Only the destination itself could still refuse it, and it was not asked: to see its words, bring the record over with',
        `  ${asTyped(syncCommand(`${parts.integration}/${parts.process}`, name, id))}`,
      ];
    }
  }
}
