/** The list of what is not there yet: the same one each time, so that nothing renders because of it. */
export const nothing: readonly never[] = [];
