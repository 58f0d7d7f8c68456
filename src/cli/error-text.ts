import type { ClassifiedError } from '../model/classified-error.js';
import type { RecordError } from '../errors/record-error.js';
import { inOneLine } from './printable.js';

/**
 * A record's error for a person at a terminal, with its whole text, which may hold the record's
 * data: to be printed, and never kept.
 */
export function errorText(error: RecordError, { errorType, remedy }: ClassifiedError): string[] {
  const { detail, ...short } = error;
  const { code, status, systemCode, message, path, expression } = inOneLine(short);
  const also = [status !== undefined ? `HTTP ${status}` : '', systemCode ?? ''].filter((each) => each !== '');
  return [
    `${errorType}${code === errorType ? '' : ` (${code})`}${also.length > 0 ? `, ${also.join(', ')}` : ''}: ${message}`,
    ...(path !== undefined ? [`At: ${path}`] : []),
    ...(expression !== undefined ? [`Expression: ${expression}`] : []),
    `What to do: ${remedy}`,
    ...(detail !== undefined && detail !== ''
      ? [
          'The whole text, kept nowhere:',
          ...cut(detail)
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : []),
  ];
}

/** An endless text is cut; its lines stay lines, each set in by who prints it. */
function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… (${text.length} characters in all)` : text;
}

const LONGEST = 20_000;
