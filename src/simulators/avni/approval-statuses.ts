import type { SimulatedResponse } from '../server.js';
import { packed } from './answers.js';
import { envelope } from './envelope.js';
import { instantOf, pageOf } from './parameters.js';
import type { StoredRecord } from './record.js';
import type { RequestContext } from './request-context.js';
import { rowOf } from './rows.js';

/**
 * `GET /api/approvalStatuses`, both bounds excluded; `undefined` for another path. @throws Refusal
 */
export function answerApprovalStatuses({ request, organisation, settings, version }: RequestContext): SimulatedResponse | undefined {
  const { path, query } = request;
  if (path !== '/api/approvalStatuses') return undefined;
  const from = (instantOf(request, 'lastModifiedDateTime') ?? -1) + 1;
  const to = (instantOf(request, 'now') ?? organisation.now() - settings.margin) - 1;
  const { page, size } = pageOf(request);
  const [entityType, typeId] = [query.get('entityType'), query.get('entityTypeId')];
  const where = ({ body }: StoredRecord): boolean =>
    (entityType === null || body['Entity type'] === entityType) && (typeId === null || body['Entity type ID'] === typeId);
  const { rows, total } = organisation.select({ kind: 'approvalStatus', from, to, where }, page * size, size);
  const content = rows.map((record) => {
    const { body } = record;
    const { audit } = rowOf(record, organisation, { version }) as { audit: object };
    return {
      'Entity ID': body['Entity ID'],
      'Entity type': body['Entity type'],
      'Entity type ID': body['Entity type ID'],
      'Approval status': body['Approval status'],
      'Approval status comment': body['Approval status comment'] ?? null,
      'Status date time': body['Status date time'] ?? new Date(record.stamp).toISOString(),
      audit,
    };
  });
  return packed(request, envelope(content, total, size));
}
