/** A wait that ends early when the directory closes. */
export function createPauses(): { pause: (ms: number) => Promise<void>; end: () => void } {
  const waiting = new Map<NodeJS.Timeout, () => void>();
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(timer);
          resolve();
        }, ms);
        waiting.set(timer, resolve);
      }),
    end() {
      for (const [timer, resolve] of waiting) {
        clearTimeout(timer);
        resolve();
      }
      waiting.clear();
    },
  };
}
