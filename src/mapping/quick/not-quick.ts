class NotQuick extends Error {
  override readonly name = 'NotQuick';
}

/**
 * Thrown where an expression meets something that JSONata itself has to judge. One for all: to make
 * one takes a trace of the stack, which nobody reads.
 */
export const notQuick = new NotQuick();
