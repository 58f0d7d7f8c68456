import ts from 'typescript';

/**
 * What comes from outside names things freely, also `__proto__` and `constructor`: an object that is read, written or asked by such a name
 * answers with what every object inherits, or passes it on to all of them. `Map`, and `getOwn` and `setOwn` of src/model/keyed.ts, do neither.
 */
export const keyedByData = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      read: 'An object is read by a name from outside: use a Map, or getOwn() of src/model/keyed.ts.',
      write: 'An object is written by a name from outside: use a Map, or setOwn() of src/model/keyed.ts.',
      asked: 'An object is asked for a name from outside: use a Map, or Object.hasOwn().',
      assigned: 'Object.assign() writes names from outside: use a spread, which never reaches a prototype.',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();

    /** Whether an expression may be any text. */
    const isAnyText = (node) => {
      if (node.type === 'Literal') return false;
      const type = services.getTypeAtLocation(node);
      return parts(checker.getBaseConstraintOfType(type) ?? type).some(
        ({ flags }) =>
          flags &
          (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.StringMapping),
      );
    };
    return {
      'MemberExpression[computed=true]'(node) {
        const { parent } = node;
        // `delete` takes away what is the object's own, and nothing else.
        if (isDeleted(parent.type === 'ChainExpression' ? parent.parent : parent)) return;
        const written = parent.type === 'UpdateExpression' || (parent.type === 'AssignmentExpression' && parent.left === node);
        if (isAnyText(node.property)) context.report({ node, messageId: written ? 'write' : 'read' });
      },
      "BinaryExpression[operator='in']"(node) {
        if (isAnyText(node.left)) context.report({ node, messageId: 'asked' });
      },
      'ObjectPattern > Property[computed=true]'(node) {
        if (isAnyText(node.key)) context.report({ node, messageId: 'read' });
      },
      "CallExpression[callee.object.name='Object'][callee.property.name='assign']"(node) {
        context.report({ node, messageId: 'assigned' });
      },
    };
  },
};

function isDeleted({ type, operator }) {
  return type === 'UnaryExpression' && operator === 'delete';
}

function parts(type) {
  return type.isUnionOrIntersection() ? type.types : [type];
}
