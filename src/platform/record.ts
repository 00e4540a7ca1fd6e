/** One value for each of the keys. `Object.fromEntries` alone forgets which keys there are. */
export const recordOf = <K extends string, T>(keys: readonly K[], of: (key: K) => T): Readonly<Record<K, T>> =>
  Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, T>;
