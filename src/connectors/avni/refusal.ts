import type { RecordError } from '../../errors/record-error.js';
import type { HttpResponse } from '../../http/http.js';

/**
 * The error of a record that an Avni server does not take. Its words may quote the record: they
 * stay in memory, for whoever runs it again.
 */
export function refusalOf({ status, text }: HttpResponse): RecordError {
  const systemCode = /^(?:[\w$]+\.)*([\w$]{1,100}(?:Exception|Error))\b/.exec(text)?.[1];
  const says = status >= 500 ? `Avni fails on this record (${status}) while it is otherwise well.` : `Avni refused it (${status}).`;
  return {
    code: 'Refused',
    status,
    message: says,
    remedy:
      text.trim() === ''
        ? 'See the Avni server’s log at this time; AVNI_SEND_EXCEPTION_IN_RESPONSE=true makes it say why.'
        : 'Correct the record or the mapping by what Avni says: run the record again to see it.',
    ...(systemCode !== undefined ? { systemCode } : {}),
    ...(text.trim() !== '' ? { detail: text } : {}),
  };
}
