/**
 * Requests at once: more do not make an Avni server faster, only slower for others (Avni
 * server, observed).
 */
export const AT_ONCE = 8;
