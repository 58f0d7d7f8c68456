import { SystemFailure } from '../../../errors/system-failure.js';

/** Its pages never hold the same twice. */
export function restless(place: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place}: each time that its pages are read they hold other records.`,
    remedy:
      'See whether next pages work on the server, and whether something changes these records all the time; it is tried again by itself.',
  });
}

/** It gives fewer than it counts, and no more can be asked for. */
export function cutOff(place: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place}: it says that there are more records of one stamp than it gives, and names no next page.`,
    remedy: 'Have next pages (link “next”) switched on there, or a larger maximum of _count.',
  });
}

/** Not even the ids of records can be had. */
export function unlisted(place: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place}: a record makes the server fail, or is too large, and so does the list of ids (_elements=id,meta) that would name it.`,
    remedy: 'See the FHIR server’s log at this time, and correct or remove the record there.',
  });
}

/** The history of a type is not given, or not to its end. */
export function historyGone(place: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place}: it does not give the history of the type (_history), by which deletions are noticed, to its end.`,
    remedy: 'Have _history switched on for the type there, or write deleted: ignore in the definition, if deletions need not be noticed.',
  });
}
