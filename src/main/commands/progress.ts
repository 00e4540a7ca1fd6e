export interface Progress {
  step(name: string): void;
  done(sentence: string): void;
}

/** One line that shows the progress of starting; in a pipe, one line per step. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  const steps: string[] = [];
  return {
    step: (name) => {
      steps.push(name);
      if (stream.isTTY) stream.write(`\r\x1b[2KStarting: ${steps.join(' · ')} …`);
      else stream.write(`Starting: ${name} …\n`);
    },
    done: (sentence) => {
      stream.write(stream.isTTY ? `\r\x1b[2K${sentence}\n` : `${sentence}\n`);
    },
  };
}
