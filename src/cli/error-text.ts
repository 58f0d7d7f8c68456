import type { ClassifiedError } from '../errors/classified-error.js';
import type { RecordError } from '../errors/record-error.js';

/** A record's error for a person at a terminal, with its whole text, which may hold the record's data: to be printed, and never kept. */
export function errorText(error: RecordError, { errorType, remedy }: ClassifiedError): string[] {
  const { code, status, systemCode, message, path, expression, detail } = error;
  const also = [status !== undefined ? `HTTP ${status}` : '', systemCode ?? ''].filter((each) => each !== '');
  return [
    `${errorType}${code === errorType ? '' : ` (${code})`}${also.length > 0 ? `, ${also.join(', ')}` : ''}: ${message}`,
    ...(path !== undefined ? [`At: ${path}`] : []),
    ...(expression !== undefined ? [`Expression: ${expression}`] : []),
    `What to do: ${remedy}`,
    ...(detail !== undefined && detail !== ''
      ? [
          'The whole text, kept nowhere:',
          ...printable(detail)
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : []),
  ];
}

/** Signs that would steer the terminal are left out, and an endless text is cut. */
function printable(text: string): string {
  const cut = text.slice(0, 20_000);
  return `${cut.replace(/(?!\n|\t)\p{Cc}/gu, '')}${text.length > cut.length ? `\n… (${text.length} characters in all)` : ''}`;
}
