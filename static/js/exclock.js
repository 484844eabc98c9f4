// The clock of an exercise: runs on by the second from what the server wrote, while the run runs.
//
//   data-exercise-clock  exercise time in seconds when the page was made; data-running: it runs

const two = (number) => String(number).padStart(2, "0");

export default function start(element) {
  if (!("running" in element.dataset)) return;
  const began = Date.now() - Number(element.dataset.exerciseClock) * 1000;
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer);
    const seconds = Math.floor((Date.now() - began) / 1000);
    element.textContent = `E+${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }, 1000);
}
