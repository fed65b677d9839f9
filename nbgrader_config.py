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
    "*.set-aside",
]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}

# No line of a student's code runs in the process that decides the grade (docs/trust.md).
c.Autograde.exporter_class = "autograder.trusted.Exporter"
c.Autograde.pre_convert_hook = "autograder.trusted.lay_links_aside"
c.Autograde.sanitize_preprocessors = [
    "autograder.trusted.Rebuild",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.trusted.ExecuteTrusted",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.trusted.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Seconds a cell may take under Validate. The harness has nearer deadlines and explains them; this is for one without.
c.ExecutePreprocessor.timeout = 600
c.Execute.timeout = 600
# Otherwise each kernel tells on the terminal that it talks over loopback.
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]

# What a hidden check did is told; its text stays hidden.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.pages.HideHiddenChecks",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
