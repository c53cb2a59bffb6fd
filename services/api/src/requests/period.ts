/** The filter for moments of a period: from `from` on, before `to`. */
export function periodOf({ from, to }: { from?: string | undefined; to?: string | undefined }): {
  gte?: Date;
  lt?: Date;
} {
  return {
    ...(from === undefined ? {} : { gte: new Date(from) }),
    ...(to === undefined ? {} : { lt: new Date(to) }),
  };
}
