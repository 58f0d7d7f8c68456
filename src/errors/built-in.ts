import type { ErrorType } from './error-type.js';

/** An error type of the engine's own, recognised by its code, which is its name. */
function own(name: string, remedy: string, then: ErrorType['then'] = 'retry'): ErrorType {
  return { name, code: name, keep: [], then, remedy };
}

/**
 * What the engine itself finds wrong with a record. Tried after the definition's types and the
 * connectors'.
 */
export const builtInErrorTypes: readonly ErrorType[] = [
  own('MappingFailed', 'Correct the record in its source, or make the expression deal with it.'),
  own('MappingTooLong', 'Correct the record, or the expression: on this record it does not end in time.'),
  own('MappingTooLarge', 'Correct the record, or the expression: of this record it makes more than memory is given for.'),
  own('CodeMissing', 'Add the value to the code table of the definition, or correct the record.'),
  own('CodeTableMissing', 'Name a table of “codes:” in the expression.'),
  own('DateInvalid', 'Correct the date in the record, or the zone in the expression.'),
  own('NumberTooLong', 'Leave $number or $parseInteger out of the expression: the text goes on with all its digits.'),
  own('ParentIdInvalid', 'Make the expression under dependsOn give the id of one record.'),
  own(
    'KeyMissing',
    'Fill in the field the key is made of, or say by whenKeyMissing that such records are left out, or written without it.',
  ),
  own('KeyInvalid', 'Correct the field the key is made of.'),
  own('InvalidResource', 'Correct the expression, or the record where it holds something unexpected.'),
  own('OutsideItsPart', 'Let the mapping give what tells the part which its entity type owns, or correct “to”.'),
  own('ReferenceMissing', 'Let the expression leave the reference out where the other resource is undefined.'),
  own('UnmappedConcepts', 'Let the mapping read the concepts that are named, or list them under concepts.ignore.'),
  own('KeyAmbiguous', 'Merge or remove the wrong one of the two in the destination.'),
  own('KeyCollision', 'Correct the key in the one of the two records where it is wrong.'),
  own('NotAdopted', 'Set adopt: true for this entity type to take such resources over, or correct the key.'),
  own('OddId', 'Give the resource in the destination an id of letters, digits, “-” and “.”, or take it away.'),
  own('CannotLetGo', 'Correct the resource in the destination, take Sangam’s tags from it there, then retry.'),
  own(
    'EditedElsewhere',
    'Make the change in the system that owns the record and take it back here, or let the definition say whenEdited: overwrite.',
  ),
  own('VersionConflict', 'Find out who else changes it: each type has one owner, the system it is read from.'),
  own('NotWritten', 'See the destination’s log, what stands between, and what the destination itself changes in such a resource.'),
  own('NotComparable', 'Look at what the destination has of this record, and correct or remove what is not valid there.'),
  own('IdInvalid', 'Correct the id of the record in its source.'),
  own('Unsearchable', 'Correct the id of the record, or the field its key is made of.'),
  own('ParentAmbiguous', 'Merge or remove the wrong parent in the destination.'),
  own('ParentMissing', 'See whether the destination’s search index lags behind; it is tried again by itself.'),
  own('ParentAwaited', 'Nothing, where the parent is still to come. Otherwise register it, or correct what the record refers to.'),
  own('ParentOtherType', 'Let the record refer to one that was written from the type that the definition names, or name the other type.'),
  own('ParentFailing', 'Mend the record it depends on; this one follows by itself.'),
  own('ChildrenRemain', 'Correct the record that depends on it, by its own error; this one is tried again by itself.'),
  own(
    'StillReferenced',
    'Let the types that depend on it be removed too (whenNoLonger: remove), or let this one be marked or kept; what others wrote that refers to it must go first.',
  ),
  own('OtherType', 'Leave such records out by “when”, or name their type in the definition.'),
  own('OtherRecord', 'Let “dependsOn” give the id of the record it names; else see what stands before the source, such as a cache.'),
  own(
    'RecordKillsWorker',
    'See the worker’s log and memory at that time; correct the record or the expressions that deal with it, then signal retry to its row.',
    'wait-for-person',
  ),
  own('Unreadable', 'Open the record in its source and correct it; often a date field holds something else than a date.'),
];
