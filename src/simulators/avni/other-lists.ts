import type { SimulatedResponse } from '../server.js';
import { packed, Refusal } from './answers.js';
import { envelope } from './envelope.js';
import { instantOf, pageOf } from './parameters.js';
import type { RequestContext } from './request-context.js';

/**
 * Lists that are always empty here, with what they ask for; `undefined` for another path. @throws
 * Refusal
 */
export function answerOtherLists({ request }: RequestContext): SimulatedResponse | undefined {
  const { path, query } = request;
  const { size } = pageOf(request);
  if (path === '/api/groupSubjects') {
    const asked = instantOf(request, 'lastModifiedDateTime') ?? query.get('groupSubjectId') ?? query.get('memberSubjectId');
    if (asked === null) throw new Refusal({ status: 400 });
  } else if (path === '/api/approvalStatuses') instantOf(request, 'lastModifiedDateTime');
  else return undefined;
  return packed(request, envelope([], 0, size));
}
