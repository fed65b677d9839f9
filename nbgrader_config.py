"""nbgrader's settings for this course, for `autograder`, stock `nbgrader` and JupyterLab's Validate."""

from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader gives it

c.CourseDirectory.course_id = "sockets"
# This folder, not the one a command happens to run in.
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
# Made on demand, never committed.
c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).resolve().parent / 'gradebook.db'}"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    ".DS_Store",
    "Thumbs.db",
    "feedback",
]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}

# Seconds a cell may take. The harness has nearer deadlines and explains them; this is for a cell without.
c.ExecutePreprocessor.timeout = 600
c.Execute.timeout = 600
# Otherwise each kernel tells on the terminal that it talks over loopback.
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]

# A check that a student deleted is put back, not forgotten.
c.OverwriteCells.add_missing_cells = True

# What a hidden check did is told; its text stays hidden.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.pages.HideHiddenChecks",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
