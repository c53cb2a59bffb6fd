/** A file as it is written, as Vite gives it. */
declare module '*?raw' {
  const text: string;
  export default text;
}
