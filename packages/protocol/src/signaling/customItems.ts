import * as z from 'zod/mini';

/** The most items a call keeps. */
export const maxCustomItems = 50;

const keySchema = z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^(?!__proto__$)[\w.:-]+$/));
const valueSchema = z.string().check(z.maxLength(1_024), z.regex(/^\P{Cs}*$/u));

/** What an application keeps with a call: strings by name. */
export const customItemsSchema = z
  .record(keySchema, valueSchema)
  .check(z.refine((items) => Object.keys(items).length <= maxCustomItems, 'has too many items'));

export type CustomItems = z.infer<typeof customItemsSchema>;

/** As clients are told them. */
export const toldCustomItemsSchema = z.record(z.string(), z.string());

/** A change of some items; `null` removes one. */
export const customItemChangesSchema = z
  .record(keySchema, z.nullable(valueSchema))
  .check(z.refine((items) => Object.keys(items).length <= maxCustomItems, 'has too many items'));

export type CustomItemChanges = z.infer<typeof customItemChangesSchema>;
