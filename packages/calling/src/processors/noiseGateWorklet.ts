/**
 * Runs in an AudioWorklet (W3C Web Audio), where nothing can be imported. Opens within 5 ms and closes over 100, so that
 * neither is heard as a click.
 */
export const noiseGateWorklet = `
registerProcessor('parley-noise-gate', class extends AudioWorkletProcessor {
  constructor({ processorOptions: { threshold, holdSeconds } }) {
    super();
    this.threshold = threshold;
    this.holdSeconds = holdSeconds;
    this.openUntil = 0;
    this.gain = 0;
  }
  process([input], [output]) {
    const [first = []] = input;
    let sum = 0;
    for (const sample of first) sum += sample * sample;
    if (first.length > 0 && Math.sqrt(sum / first.length) > this.threshold) {
      this.openUntil = currentTime + this.holdSeconds;
    }
    const step = currentTime <= this.openUntil ? 1 / (0.005 * sampleRate) : -1 / (0.1 * sampleRate);
    for (let index = 0; index < first.length; index += 1) {
      this.gain = Math.min(1, Math.max(0, this.gain + step));
      for (const [channel, samples] of output.entries()) {
        samples[index] = (input[channel] ?? first)[index] * this.gain;
      }
    }
    return true;
  }
});
`;
