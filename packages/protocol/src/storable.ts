/**
 * Text that PostgreSQL keeps, as text and in jsonb: it refuses U+0000 and half of a surrogate pair. What of either reaches
 * a record must be refused to who sends it: nobody else is there any more when it is written.
 */
export const storable = /^[^\0\p{Cs}]*$/u;
