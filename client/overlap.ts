/** Messages of channels while two connections are open: each comes over both, byte for byte the same. */
export interface Overlap<Source> {
  /** Whether it came over the other one before. */
  isSecond(source: Source, text: string): boolean;
  clear(): void;
}

export function overlap<Source>(): Overlap<Source> {
  /** Text → whence it came, until it has come from the other. */
  const first = new Map<string, Source>();
  return {
    isSecond: (source, text) => {
      const from = first.get(text);
      if (from === undefined || from === source) {
        first.set(text, source);
        return false;
      }
      first.delete(text);
      return true;
    },
    clear: () => first.clear(),
  };
}
