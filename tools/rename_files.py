"""Files that are no Python: documents, YAML, the Makefile."""

from tools.rename_plan import Plan


def rewrite_texts(name: str, content: bytes, plan: Plan) -> bytes:
    """The content with new dotted names and paths; what is no text stays as it is."""
    if name.endswith((".csv", ".svg", ".po", ".pot")):
        return content
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    return plan.rewritten(text).encode()
