/** Whose key it is: an `endpointId`, `own` for the key this page sends with, or everybody's. */
export type KeyOwner = string;

export const sharedOwner = '';
export const ownOwner = 'own';
