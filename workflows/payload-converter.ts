import { defaultPayloadConverter, ValueError, type Payload, type PayloadConverter, type SerializationContext } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { undecodable } from '../src/model/undecodable.js';

/**
 * Temporal's own converter, for workflow code alone, but that whatever is sent to a workflow and
 * cannot be decoded becomes a marker: Temporal's own fails the workflow task for it, again and
 * again. Results of activities and children that cannot be decoded stay errors.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  fromPayload<T>(...[payload, context, hint]: Parameters<typeof defaultPayloadConverter.fromPayload<T>>): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload, context, hint);
    } catch {
      const marker = undecodable(encodingOf(payload));
      if (isSentToThis(context)) return marker as T;
      // The decoder's own words quote what it was given.
      throw new ValueError(`A result cannot be decoded (encoding ${marker.undecodable})`);
    }
  },
};

/**
 * A start input, message or memo is this workflow's own; a result is that of the activity or child.
 */
function isSentToThis(context: SerializationContext | undefined): boolean {
  return context?.type === 'workflow' && context.workflowId === workflowInfo().workflowId;
}

function encodingOf({ metadata }: Payload): string {
  return String.fromCharCode(...(metadata?.['encoding'] ?? []).slice(0, 100));
}
